import {
  type NamedObject,
  type Permission,
  type PermissionCondition,
  type PermissionScope,
  permissions,
} from '../../src/controller/permissions.ts';

/** Templates of the rules of a role, and the scopes whose rights it gives. */
const ROLES: Readonly<Record<string, readonly PermissionScope[]>> = {
  cluster: ['cluster', 'targets'],
  watched: ['watched', 'targets'],
  own: ['own'],
  definition: ['definition'],
};

/** What the name of an object is in a template. */
const NAMES: Readonly<Record<NamedObject, string>> = {
  lease: '{{ include "chaos-monkey.fullname" . }}',
  deployment: '{{ include "chaos-monkey.fullname" . }}',
  servingSecret: '{{ include "chaos-monkey.fullname" . }}-webhook-tls',
  authoritySecret: '{{ include "chaos-monkey.fullname" . }}-webhook-ca',
  definition: 'chaosmonkeyconfigurations.cm.massix.github.io',
  namespace: '{{ .namespace }}',
};

const CONDITIONS: Readonly<Record<PermissionCondition, string>> = {
  leaderElection: '.Values.leaderElection.enabled',
  conversion: '(include "chaos-monkey.conversion" .)',
  watchNamespaces: '.Values.watchNamespaces',
};

/** The rules of every role of the chart, as named templates. */
export function rulesTemplate(): string {
  const roles = Object.entries(ROLES).map(([name, scopes]) => {
    const rules = permissions.filter(({ scope }) => scopes.includes(scope)).map(rule);
    return `{{- define "chaos-monkey.rules.${name}" -}}${rules.join('')}\n{{- end -}}\n`;
  });
  const header =
    '{{/* Generated from src/controller/permissions.ts by `npm run generate`: do not edit. */}}\n';
  return header + roles.join('\n');
}

function rule(permission: Permission): string {
  const { apiGroup, resources, verbs, objects, when = [], why } = permission;
  const lines = [
    `# ${why}`,
    `- apiGroups: [${JSON.stringify(apiGroup)}]`,
    `  resources: [${resources.join(', ')}]`,
    ...(objects === undefined
      ? []
      : [`  resourceNames: [${objects.map((object) => NAMES[object]).join(', ')}]`]),
    `  verbs: [${verbs.join(', ')}]`,
  ];
  const text = `\n${lines.join('\n')}`;
  if (when.length === 0) return text;
  const condition = when.map((one) => CONDITIONS[one]).join(' ');
  return `\n{{- if and ${condition} }}${text}\n{{- end }}`;
}
