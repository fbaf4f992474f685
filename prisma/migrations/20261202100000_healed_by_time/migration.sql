-- Overview asks for what was handled lately, not for messages that were sent lately: of these there may be millions.
DROP INDEX delivery_healed;
CREATE INDEX delivery_healed ON delivery (outcome_at) WHERE outcome = 3 AND first_error_at IS NOT NULL;
