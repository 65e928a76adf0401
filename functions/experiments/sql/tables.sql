-- Randomised tests of one configuration against another.
CREATE TABLE experiments (
  experiment_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  bot_id           text COLLATE "C" NOT NULL REFERENCES bots,
  design           text NOT NULL CHECK (design IN ('switchback', 'parallel')),
  -- The bot that trades with the candidate, of a parallel test.
  candidate_bot_id text COLLATE "C" REFERENCES bots,
  -- 32 hexadecimal digits, from which all orders follow; null: parallel.
  seed             text CHECK (seed ~ '^[0-9a-f]{32}$'),
  -- Run elsewhere: this service cannot vouch for the coin.
  imported         boolean NOT NULL,
  time_zone        text NOT NULL,
  length           text NOT NULL CHECK (length IN ('4h', '6h', '12h', '1d', '2d', '4d', '7d')),
  -- Days after the day in which a pair ends until it counts; of a parallel test 0.
  settle_days      integer NOT NULL CHECK (settle_days >= 0),
  -- First days that are left out, of a parallel test.
  skip_days        integer NOT NULL CHECK (skip_days >= 0),
  starts_at        timestamptz NOT NULL,
  starts_on        date NOT NULL,
  ends_at          timestamptz NOT NULL,
  most_days        integer NOT NULL CHECK (most_days > 0),
  -- j: the candidate is the j-th against this baseline, which fixes its share of the error rate.
  share            integer NOT NULL CHECK (share > 0),
  hypothesis       text,
  effect_usd       numeric CHECK (effect_usd > 0),
  plan             jsonb NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  idempotency_key  text COLLATE "C" NOT NULL,
  request_hash     text NOT NULL,
  UNIQUE (bot_id, idempotency_key),
  CHECK ((design = 'switchback') = (seed IS NOT NULL)),
  CHECK ((design = 'parallel') = (candidate_bot_id IS NOT NULL))
);
CREATE INDEX experiments_by_bot ON experiments (bot_id, created_at);
CREATE INDEX experiments_by_candidate_bot ON experiments (candidate_bot_id) WHERE candidate_bot_id IS NOT NULL;

-- The configurations that are compared, as canonical JSON text.
CREATE TABLE experiment_arms (
  experiment_id uuid NOT NULL REFERENCES experiments,
  arm           text NOT NULL CHECK (arm IN ('baseline', 'candidate')),
  config        text NOT NULL CHECK (config IS JSON OBJECT),
  config_hash   text NOT NULL CHECK (config_hash ~ '^[0-9a-f]{64}$'),
  notes         text,
  -- The snapshot that it was taken from; null: sent as a configuration.
  snapshot_id   uuid,
  PRIMARY KEY (experiment_id, arm)
);

-- What people did to an experiment, never deleted.
CREATE TABLE experiment_events (
  experiment_id uuid NOT NULL REFERENCES experiments,
  number        integer NOT NULL,
  action        text NOT NULL CHECK (action IN ('pause', 'resume', 'stop')),
  at            timestamptz NOT NULL,
  -- Of a pause: the running pair is void.
  now           boolean NOT NULL,
  by            text,
  reason        text,
  PRIMARY KEY (experiment_id, number)
);

-- Time with one assigned arm, of a switchback. Blocks that have begun never change.
CREATE TABLE experiment_blocks (
  experiment_id uuid NOT NULL REFERENCES experiments,
  pair          integer NOT NULL CHECK (pair > 0),
  arm           text NOT NULL CHECK (arm IN ('baseline', 'candidate')),
  starts_at     timestamptz NOT NULL,
  ends_at       timestamptz NOT NULL CHECK (ends_at > starts_at),
  -- The arm in whose block the pair was broken off; null: it was not. A void pair counts nowhere.
  broken_in     text CHECK (broken_in IN ('baseline', 'candidate')),
  void_reason   text,
  PRIMARY KEY (experiment_id, pair, arm)
);
CREATE INDEX experiment_blocks_by_start ON experiment_blocks (experiment_id, starts_at);

-- Sums over the trades that were entered in a block and closed on a day. A verdict reads these, never trades.
CREATE TABLE experiment_days (
  experiment_id uuid NOT NULL REFERENCES experiments,
  pair          integer NOT NULL,
  arm           text NOT NULL CHECK (arm IN ('baseline', 'candidate')),
  date          date NOT NULL,
  trades        integer NOT NULL CHECK (trades > 0),
  winning       integer NOT NULL,
  losing        integer NOT NULL,
  pnl_usd       numeric NOT NULL,
  -- Trades entered with the settings that were assigned.
  followed      integer NOT NULL,
  -- Sum over the trades of the share of their hold time after the end of the block.
  held_after    double precision NOT NULL,
  PRIMARY KEY (experiment_id, date, pair, arm)
);
