-- Lists only snapshots with trades, so that ORDER BY avg_expectancy DESC starts with a number.
CREATE OR REPLACE VIEW strategy_comparison AS
  SELECT snapshot_id, active_from, active_until, notes, days_active, total_trades, avg_win_rate, total_pnl, avg_profit_factor, avg_expectancy,
    bot_id, config_hash, winning_trades, losing_trades, breakeven_trades, days_with_trades, gross_profit_usd, gross_loss_usd,
    avg_win_usd, avg_loss_usd, largest_win_usd, largest_loss_usd, max_drawdown_usd, avg_hold_time_seconds,
    fast_exits_count, fast_exits_pnl, fast_exit_rate, unmatched_sells, open_positions, open_cost_usd, unrealised_pnl_usd, marked_at, last_date, stale
  FROM snapshot_performance(NULL, now(), 'infinity')
  WHERE total_trades > 0;
