/** The HTTP status of each error: those of the service's model, and others that the service returns. */
const statuses = {
  BadRequestException: 400,
  DatabaseErrorException: 400,
  DatabaseResumingException: 400,
  HttpEndpointNotEnabledException: 400,
  InvalidResourceStateException: 400,
  InvalidSecretException: 400,
  SecretsErrorException: 400,
  SerializationException: 400,
  StatementTimeoutException: 400,
  ThrottlingException: 400,
  UnsupportedResultException: 400,
  ValidationException: 400,
  AccessDeniedException: 403,
  ForbiddenException: 403,
  DatabaseNotFoundException: 404,
  NotFoundException: 404,
  TransactionNotFoundException: 404,
  UnknownOperationException: 404,
  RequestEntityTooLargeException: 413,
  UnsupportedMediaTypeException: 415,
  InternalFailure: 500,
  InternalServerErrorException: 500,
  ServiceUnavailableError: 503,
  DatabaseUnavailableException: 504,
} as const;

export type ErrorName = keyof typeof statuses;
export const errorNames = Object.keys(statuses) as ErrorName[];

/** An error response. The SDK derives its exception class from the name. */
export class DataApiError extends Error {
  override readonly name: ErrorName;

  constructor(name: ErrorName, message: string) {
    super(message);
    this.name = name;
  }

  /** The HTTP status. */
  get status(): number {
    return statuses[this.name];
  }
}
