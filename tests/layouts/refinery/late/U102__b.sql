CREATE TABLE refinery_late_b (x integer);
