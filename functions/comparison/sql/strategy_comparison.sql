-- Lists only snapshots with trades, so that ORDER BY avg_expectancy DESC starts with a number.
CREATE OR REPLACE VIEW strategy_comparison AS
  SELECT * FROM snapshot_performance(NULL, now(), 'infinity')
  WHERE total_trades > 0;
