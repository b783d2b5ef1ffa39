import { type Logger as PinoLogger, pino } from 'pino';
import { ChaosError, describeError } from './errors.ts';
import { prettyLine } from './pretty-line.ts';
import { redactSecrets, SECRET_FIELDS } from './redact.ts';

/** Accepted names of levels, most severe first; `panic` and `critical` log as `fatal`, `warning` as `warn`. */
export const LOG_LEVELS = [
  'panic',
  'fatal',
  'critical',
  'error',
  'warn',
  'warning',
  'info',
  'debug',
  'trace',
] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What a message is about; an `error` field takes anything thrown. Secrets do not belong here, and are blotted out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log, as the program sees it. */
export interface Logger {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  /** A logger that adds `fields` to every message. */
  child(fields: LogFields): Logger;
}

export interface LogOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface LoggerOptions {
  /** Default: `info`. */
  readonly level?: LogLevel;
  /** `auto` (the default) is `pretty` on a terminal, else `json`. */
  readonly format?: LogFormat;
  readonly output: LogOutput;
  /** Whether `pretty` uses colours. Default: on a terminal. */
  readonly color?: boolean;
}

/**
 * A logger that has written each message when the call returns. As JSON a line is
 * `{"level","time" (RFC 3339),"msg", …fields}`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { level = 'info', format = 'auto', output, color = output.isTTY === true } = options;
  const pretty = format === 'pretty' || (format === 'auto' && output.isTTY === true);
  const line = pretty ? prettyLine({ color }) : (text: string) => text;
  return pino(
    {
      level: pinoLevel(level),
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: errorFields },
      redact: { paths: [...SECRET_FIELDS], censor: '[redacted]' },
    },
    { write: (text) => output.write(line(redactSecrets(text))) },
  );
}

/** Says nothing: for tests. */
export const silentLogger: Logger = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLogger,
};

function pinoLevel(level: LogLevel): PinoLogger['level'] {
  switch (level) {
    case 'panic':
    case 'critical':
      return 'fatal';
    case 'warning':
      return 'warn';
    default:
      return level;
  }
}

/** A stack only where nobody foresaw the error. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const message = describeError(error);
  if (error instanceof ChaosError) return { code: error.code, message };
  return { name: error.name, message, stack: error.stack };
}
