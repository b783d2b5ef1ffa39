import type { Panel } from './panel.ts';
import { rows } from './rows.ts';

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** Columns of Grafana's grid, and the size of a panel in it. */
const COLUMNS = 24;
const WIDTH = 6;
const HEIGHT = 8;

interface Placed {
  readonly x: number;
  readonly y: number;
}

/** The dashboard as Grafana imports it. Its uid is that of chaos-monkey 3, so that it takes that one's place. */
export function dashboard(): object {
  return {
    uid: 'cdqn86stmrrwgd',
    title: 'Chaos Monkey',
    tags: ['chaos-monkey'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '30s',
    time: { from: 'now-15m', to: 'now' },
    timezone: 'browser',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
        {
          name: 'instance',
          label: 'Instance',
          type: 'query',
          datasource: DATASOURCE,
          query: {
            query: 'label_values(chaos_monkey_nswatcher_events, instance)',
            refId: 'instance',
          },
          refresh: 2,
          multi: true,
          includeAll: true,
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    panels: placedRows().map((panel, at) => ({ id: at + 1, ...panel })),
  };
}

function placedRows(): readonly object[] {
  const perLine = COLUMNS / WIDTH;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const top = y;
    y += 1 + HEIGHT * Math.ceil(panels.length / perLine);
    const heading = {
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: COLUMNS, h: 1 },
      panels: [],
    };
    const place = (at: number) => ({
      x: WIDTH * (at % perLine),
      y: top + 1 + HEIGHT * Math.floor(at / perLine),
    });
    return [heading, ...panels.map((panel, at) => graph(panel, place(at)))];
  });
}

function graph({ title, type, description, unit, queries }: Panel, place: Placed): object {
  const isInstant = type !== 'timeseries';
  return {
    type,
    title,
    ...(description !== undefined && { description }),
    datasource: DATASOURCE,
    gridPos: { ...place, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { min: 0, ...(unit !== undefined && { unit }) }, overrides: [] },
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(isInstant && { instant: true, range: false }),
    })),
  };
}
