--liquibase formatted sql
SELECT 1;
