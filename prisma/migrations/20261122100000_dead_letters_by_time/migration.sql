-- How many dead letters came to each topic lately, and which was the newest: asked every ten seconds by whoever looks.
CREATE INDEX dead_letter_at ON dead_letter (topic_id, at);
