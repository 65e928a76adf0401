// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
export const RESULT_BYTES = 1024 * 1024;
export const ROW_BYTES = 64 * 1024;
/** Largest request in bytes, including its headers. */
export const REQUEST_BYTES = 4 * 1024 * 1024;
export const STATEMENT_SECONDS = 45;
export const TRANSACTION_IDLE_SECONDS = 180;
