CREATE TABLE refinery_doubt (x integer);
