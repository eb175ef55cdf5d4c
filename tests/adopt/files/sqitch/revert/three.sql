DROP TABLE three;
