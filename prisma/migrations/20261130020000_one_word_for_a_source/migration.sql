-- A source has the name of the worker that reads it, on its cursors, gaps and rejected facts. Facts keep the name that
-- they were written with, since they are many; it is translated where they are read.
UPDATE source_cursor SET source = 'collector' WHERE source = 'facts';
UPDATE source_cursor SET source = 'dead-letter index' WHERE source = 'dead letters';
UPDATE gap SET source = 'collector' WHERE source = 'facts';
UPDATE gap SET source = 'dead-letter index' WHERE source = 'dead letters';
UPDATE fact_rejected SET source = 'collector' WHERE source = 'facts topic';
UPDATE fact_rejected SET source = 'dead-letter index' WHERE source = 'dead-letter topic';
UPDATE fact_waiting SET source = 'collector' WHERE source = 'facts topic';
UPDATE fact_waiting SET source = 'dead-letter index' WHERE source = 'dead-letter topic';
