CREATE TABLE refinery_late (x integer);
