import type { ContentType } from '../content-types/content-type.ts';
import { ConnectorError } from '../errors.ts';

/** The failure with the permission that is missing by its name: the console does not say which one it is. */
export function withPermissionNamed(
  error: ConnectorError,
  contentType: ContentType | undefined,
): ConnectorError {
  if (error.code !== 'permission_missing' || contentType === undefined) return error;
  const { code, message, health, retryable, httpStatus, vendorCode } = error;
  return new ConnectorError(
    {
      code,
      message,
      health,
      retryable,
      recommendation: `${error.recommendation} For ${contentType.label} that is ${contentType.permission}.`,
      ...(httpStatus === undefined ? {} : { httpStatus }),
      ...(vendorCode === undefined ? {} : { vendorCode }),
    },
    { cause: error },
  );
}
