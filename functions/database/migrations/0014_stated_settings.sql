-- What the trading process says that it really trades with: the hash of its configuration, or some of its settings.
ALTER TABLE trade_strategy_link
  ADD COLUMN config_hash text CHECK (config_hash ~ '^[0-9a-f]{64}$'),
  ADD COLUMN settings jsonb;
