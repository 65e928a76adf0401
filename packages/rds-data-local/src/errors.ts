/** Status by error, as the service's model has it, and what the service answers besides its model. */
const statuses = {
  BadRequestException: 400,
  SerializationException: 400,
  DatabaseErrorException: 400,
  StatementTimeoutException: 400,
  UnsupportedResultException: 400,
  ValidationException: 400,
  TransactionNotFoundException: 404,
  UnknownOperationException: 404,
  RequestEntityTooLargeException: 413,
  UnsupportedMediaTypeException: 415,
  InternalFailure: 500,
  InternalServerErrorException: 500,
  DatabaseUnavailableException: 504,
} as const;

type ErrorName = keyof typeof statuses;

/** An answer other than 200. Its name is what the SDK makes an exception class of. */
export class DataApiError extends Error {
  override readonly name: ErrorName;

  constructor(name: ErrorName, message: string) {
    super(message);
    this.name = name;
  }

  get status(): number {
    return statuses[this.name];
  }
}
