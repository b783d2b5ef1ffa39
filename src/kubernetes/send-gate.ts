import { DecoratorHandler, type Dispatcher } from 'undici';

/**
 * Calls `beforeSend` in the same turn of the event loop in which a request is written to its socket, and
 * lets what it throws keep the request back: undici starts a request when its connection is there and
 * free, and writes it at once after that (lib/dispatcher/client-h1.js, writeH1).
 */
export function gate(dispatcher: Dispatcher, beforeSend: () => void): Dispatcher {
  return dispatcher.compose(
    (dispatch) => (options, handler) => dispatch(options, new SendGate(handler, beforeSend)),
  );
}

class SendGate extends DecoratorHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #beforeSend: () => void;

  constructor(handler: Dispatcher.DispatchHandler, beforeSend: () => void) {
    super(handler);
    this.#handler = handler;
    this.#beforeSend = beforeSend;
  }

  /** What this throws ends the request before a byte of it is written, and leaves the connection as it is. */
  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#handler.onRequestStart?.(controller, context);
    if (!controller.aborted) this.#beforeSend();
  }
}
