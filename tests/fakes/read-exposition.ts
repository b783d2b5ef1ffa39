/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly samples: readonly Sample[];
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
}

/**
 * A strict reader of the Prometheus text format, character by character, which knows nothing of how
 * ours is written. Throws for anything that Prometheus would refuse: a family with two headers, a
 * sample twice, a sample outside its family's block.
 */
export function readExposition(text: string): Exposition {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const seen = new Set<string>();
  let family = '';
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  for (const line of text.split('\n').slice(0, -1)) {
    if (line === '') continue;
    if (line.startsWith('# HELP ')) {
      const [, name = '', help = ''] = /^# HELP (\S+) (.*)$/.exec(line) ?? [];
      if (helps.has(name)) throw new Error(`a second HELP of ${name}`);
      helps.set(name, unescaped(help, false));
    } else if (line.startsWith('# TYPE ')) {
      const [, name = '', type = ''] =
        /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
      if (name === '' || types.has(name)) throw new Error(`a bad or second TYPE: ${line}`);
      types.set(name, type);
      family = name;
    } else {
      const sample = readSample(line);
      const base =
        types.get(family) === 'histogram'
          ? sample.name.replace(/_(bucket|sum|count)$/, '')
          : sample.name;
      if (base !== family) throw new Error(`${sample.name} in the block of ${family}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      samples.push(sample);
    }
  }
  return { samples, types, helps };
}

function readSample(line: string): Sample {
  const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0];
  if (name === undefined) throw new Error(`no name: ${line}`);
  let at = name.length;
  const labels: Record<string, string> = {};
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      const label = /^([a-zA-Z_]\w*)="/.exec(line.slice(at));
      if (label === null) throw new Error(`no label at ${at}: ${line}`);
      at += label[0].length;
      let raw = '';
      while (line[at] !== '"') {
        if (at >= line.length) throw new Error(`an open label value: ${line}`);
        if (line[at] === '\\') raw += line[at++];
        raw += line[at++];
      }
      labels[label[1] ?? ''] = unescaped(raw, true);
      at++;
      if (line[at] === ',') at++;
    }
    at++;
  }
  const number = /^ (\S+)$/.exec(line.slice(at))?.[1];
  if (number === undefined) throw new Error(`no value: ${line}`);
  const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
  if (Number.isNaN(value) && number !== 'NaN' && number !== 'Nan')
    throw new Error(`no number: ${line}`);
  return { name, labels, value };
}

function unescaped(text: string, quotes: boolean): string {
  return text.replace(/\\(.)/g, (_all, letter: string) => {
    if (letter === 'n') return '\n';
    if (letter === '\\' || (quotes && letter === '"')) return letter;
    throw new Error(`a bad escape: \\${letter}`);
  });
}
