-- What failed first and was handled by a later try: the Overview asks for the last hours at each look, among all that
-- went well at once. 3 is the outcome "handled" of generation 0.
CREATE INDEX delivery_healed ON delivery (message_id) WHERE outcome = 3 AND first_error_at IS NOT NULL;
