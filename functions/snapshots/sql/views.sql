CREATE OR REPLACE VIEW current_strategies AS SELECT * FROM strategy_snapshots WHERE active_until IS NULL;
CREATE OR REPLACE VIEW current_strategy AS SELECT * FROM current_strategies WHERE bot_id = 'default';
