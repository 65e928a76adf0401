/** A unique value for a secret field, without the shape of a secret: only its key says what it is. */
const made = (name: string): string => `made up ${name}`;

const withSecrets = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, made(name)]));

/** Full configurations of three bots, with every secret field that their schemas know. `kept` are settings that must stay. */
export const botConfigs = {
  freqtrade: {
    config: {
      max_open_trades: 3,
      stake_currency: 'USDT',
      dry_run: false,
      minimal_roi: { '0': 0.04, '30': 0.02 },
      stoploss: -0.1,
      db_url: `postgresql+psycopg://freqtrade:${made('db_password')}@localhost/trades`.replaceAll(' ', '-'),
      exchange: {
        name: 'kraken',
        ...withSecrets('key', 'api_key', 'apiKey', 'secret', 'password', 'uid', 'account_id', 'accountId'),
        ...withSecrets('wallet_address', 'walletAddress', 'private_key', 'privateKey'),
        ccxt_config: {
          ...withSecrets('apiKey', 'secret'),
          headers: withSecrets('Authorization'),
          enableRateLimit: true,
        },
        pair_whitelist: ['BTC/USDT', 'ETH/USDT'],
      },
      pairlists: [{ method: 'VolumePairList', number_assets: 20, sort_key: 'quoteVolume' }],
      telegram: { enabled: true, token: made('token'), chat_id: '1234567890', authorized_users: [] },
      discord: { enabled: true, webhook_url: 'https://discord.com/api/webhooks/1/made-up-webhook' },
      webhook: {
        enabled: true,
        url: 'https://example.com/made-up-path',
        entry_fill: { value1: 'Bought {pair}' },
      },
      coingecko: { is_demo: true, api_key: made('coingecko') },
      api_server: {
        listen_ip_address: '127.0.0.1',
        username: 'freqtrader',
        ...withSecrets('password', 'jwt_secret_key'),
        ws_token: [made('ws_token 1'), made('ws_token 2')],
      },
      external_message_consumer: { producers: [{ name: 'one', host: '127.0.0.1', ws_token: made('producer') }] },
    },
    secrets: 26,
    traces: ['made up', 'made-up', '1234567890'],
    kept: ['quoteVolume', 'freqtrader', '0.04', 'Bought {pair}', 'BTC/USDT', '@localhost/trades', 'authorized_users'],
  },
  Hummingbot: {
    config: {
      controller_name: 'pmm_simple',
      total_amount_quote: '100',
      gateway: { ...withSecrets('gateway_passphrase'), gateway_use_ssl: true },
      mqtt_bridge: { mqtt_username: 'mqtt', mqtt_password: made('mqtt') },
      db_mode: { db_engine: 'mysql+pymysql', db_password: made('db') },
      global_token: { global_token_name: 'USDT', global_token_symbol: '$', usd_equivalent_tokens: ['USDT', 'USDC'] },
      rate_oracle_source: {
        name: 'coin_gecko',
        extra_tokens: ['rbtc'],
        api_key: made('coin_gecko'),
        api_tier: 'PUBLIC',
      },
      connectors: withSecrets(
        ...['binance_api_key', 'binance_api_secret', 'binance_perpetual_testnet_api_secret', 'bitget_passphrase'],
        ...[
          'bitmart_memo',
          'okx_secret_key',
          'okx_passphrase',
          'kraken_secret_key',
          'gate_io_perpetual_user_id',
          'ndax_uid',
        ],
        ...['coinbase_advanced_trade_api_key', 'coinbase_advanced_trade_api_secret', 'aevo_perpetual_signing_key'],
        ...['aevo_perpetual_account_address', 'dydx_v4_perpetual_secret_phrase', 'dydx_v4_perpetual_chain_address'],
        ...[
          'evedex_perpetual_private_key',
          'grvt_perpetual_trading_account_id',
          'hyperliquid_address',
          'xrpl_secret_key',
        ],
        ...[
          'hyperliquid_perpetual_secret_key',
          'lighter_api_private_key',
          'pacifica_perpetual_agent_wallet_private_key',
        ],
        ...['pacifica_perpetual_agent_wallet_public_key', 'pacifica_perpetual_api_config_key', 'kucoin_hft_passphrase'],
      ),
      lighter_api_key_index: 3,
    },
    secrets: 30,
    traces: ['made up'],
    kept: ['global_token_name":"USDT"', '"$"', 'rbtc', 'PUBLIC', '"lighter_api_key_index":3', 'mqtt'],
  },
  OctoBot: {
    config: {
      'crypto-currencies': { Bitcoin: { pairs: ['BTC/USDT'], enabled: true } },
      exchanges: { binance: { ...withSecrets('api-key', 'api-secret', 'api-password'), sandboxed: false } },
      sync: withSecrets('encryption_secret'),
      community: { environment: 'production', ...withSecrets('supabase.auth.token') },
      'community-token': made('community'),
      services: {
        telegram: { 'chat-id': 1234567890, token: made('telegram'), 'usernames-whitelist': ['ana'] },
        web: { port: 5001, 'require-password': true, password: made('hash') },
        webhook: { 'enable-ngrok': true, 'ngrok-token': made('ngrok'), 'ngrok-domain': 'example.com' },
        'trading-view': { 'require-token': true, token: made('trading view') },
        twitter: withSecrets('key', 'secret', 'token', 'token-secret'),
        reddit: { 'client-id': 'public', ...withSecrets('client-secret', 'password') },
        gpt: withSecrets('openai-secret-key'),
      },
    },
    secrets: 18,
    traces: ['made up', '1234567890'],
    kept: ['"require-password":true', '"require-token":true', '"enable-ngrok":true', '"port":5001', 'sandboxed', 'ana'],
  },
} as const;
