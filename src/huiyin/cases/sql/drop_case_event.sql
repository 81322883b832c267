DROP TABLE case_event CASCADE;
DROP FUNCTION case_event_ensure_partitions(date, date);
DROP FUNCTION case_event_refuse_change();
