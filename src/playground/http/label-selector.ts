import { fieldOf, type JsonObject, objectOf } from '../patch/json.ts';
import { badRequest } from '../status-error.ts';
import { metadataOf } from '../storage/metadata.ts';

export type ObjectFilter = (object: JsonObject) => boolean;

interface Token {
  readonly text: string;
  readonly isWord: boolean;
}

const OPERATORS = 'in, notin, =, ==, !=, gt, lt';

/**
 * Reads `labelSelector=`: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`,
 * joined by commas. Undefined for an empty one.
 * @throws StatusError 400
 */
export function parseLabelSelector(text: string | null): ObjectFilter | undefined {
  if (text === null || text.trim() === '') return undefined;
  const requirements = new Parser(tokensOf(text)).parse();
  return (object) => {
    const labels = objectOf(metadataOf(object), 'labels') ?? {};
    return requirements.every((matches) => matches(labels));
  };
}

type Requirement = (labels: JsonObject) => boolean;

const TOKEN = /\s*(?:(!=|==|[=!(),<>])|([^\s=!(),<>]+))/y;

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [, symbol, word] = match;
    tokens.push({ text: symbol ?? word ?? '', isWord: word !== undefined });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      requirements.push(this.#requirement());
      const separator = this.#take();
      if (!separator) return requirements;
      if (separator.text !== ',')
        throw unparsable(`found '${separator.text}', expected: ',' or 'end of string'`);
      if (!this.#peek()) throw unparsable(`found '', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    const first = this.#take();
    const negated = first?.text === '!';
    const key = negated ? this.#take() : first;
    if (!key?.isWord)
      throw unparsable(`found '${key?.text ?? ''}', expected: !, identifier, or 'end of string'`);
    const has = (labels: JsonObject) => fieldOf(labels, key.text) !== undefined;
    if (negated) return (labels) => !has(labels);
    const operator = this.#peek();
    if (!operator || operator.text === ',') return has;
    this.#take();
    return this.#comparison(key.text, operator);
  }

  #comparison(key: string, operator: Token): Requirement {
    const labelOf = (labels: JsonObject) => fieldOf(labels, key);
    switch (operator.text) {
      case '=':
      case '==': {
        const value = this.#value();
        return (labels) => labelOf(labels) === value;
      }
      case '!=': {
        const value = this.#value();
        return (labels) => labelOf(labels) !== value;
      }
      case 'in': {
        const values = this.#values();
        return (labels) =>
          values.has(String(labelOf(labels) ?? '')) && labelOf(labels) !== undefined;
      }
      case 'notin': {
        const values = this.#values();
        return (labels) => labelOf(labels) === undefined || !values.has(String(labelOf(labels)));
      }
      case '>':
      case '<':
        return ordered(labelOf, operator.text, this.#value());
      default:
        throw unparsable(`found '${operator.text}', expected: ${OPERATORS}`);
    }
  }

  /** A value may be missing: `a=` asks for an empty one. */
  #value(): string {
    const token = this.#peek();
    if (!token || token.text === ',') return '';
    if (!token.isWord) throw unparsable(`found '${token.text}', expected: identifier`);
    this.#next++;
    return token.text;
  }

  #values(): ReadonlySet<string> {
    const open = this.#take();
    if (open?.text !== '(') throw unparsable(`found '${open?.text ?? ''}', expected: '('`);
    const values = new Set<string>();
    for (;;) {
      const token = this.#take();
      if (token?.text === ')') return values.size === 0 ? new Set(['']) : values;
      if (token?.isWord) values.add(token.text);
      else if (token?.text !== ',')
        throw unparsable(`found '${token?.text ?? ''}', expected: ',', ')' or identifier`);
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#next++];
  }
}

function ordered(
  labelOf: (labels: JsonObject) => unknown,
  operator: '>' | '<',
  bound: string,
): Requirement {
  if (!/^-?\d+$/.test(bound)) {
    throw badRequest(
      `values[0]: Invalid value: "${bound}": for 'Gt', 'Lt' operators, the value must be an integer`,
    );
  }
  return (labels) => {
    const value = Number(labelOf(labels) ?? Number.NaN);
    return operator === '>' ? value > Number(bound) : value < Number(bound);
  };
}

function unparsable(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}
