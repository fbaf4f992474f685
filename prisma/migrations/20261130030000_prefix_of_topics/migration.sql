-- The prefix of Courier's topics as a service has it; null: the default, also of releases before 0.2.
ALTER TABLE instance ADD COLUMN topic_prefix text;
