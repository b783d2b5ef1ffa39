import { stringify } from 'yaml';
import { configurationCrd } from '../../src/configuration/crd.ts';

/** Longer lines are folded. */
const LINE_WIDTH = 110;

/** Stands in the escaped text for what the template decides. */
const SERVED_WITH_CONVERSION = 'served-with-conversion';

const HEAD = `{{- /* Generated from src/configuration/schema by \`npm run generate\`: do not edit. */ -}}
{{- if .Values.crd.install }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: @name@
  labels:
    {{- include "chaos-monkey.labels" . | nindent 4 }}
  annotations:
    # Its objects would go with it.
    helm.sh/resource-policy: keep
spec:
`;

const CONVERSION = `  conversion:
    {{- if include "chaos-monkey.conversion" . }}
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig:
        # The caBundle is the program's to enter.
        service:
          namespace: {{ .Release.Namespace }}
          name: {{ include "chaos-monkey.fullname" . }}
          port: 443
          path: /convertcrd
    {{- else }}
    strategy: None
    {{- end }}
`;

/**
 * The definition of ChaosMonkeyConfiguration as a template of the chart: converted by the release's Service,
 * without a caBundle. Without conversion only the stored version is served.
 */
export function crdTemplate(): string {
  const { metadata, spec } = configurationCrd();
  const { conversion: _, versions, ...rest } = spec;
  const converted = versions.map((version) => ({
    ...version,
    served: version.storage ? true : SERVED_WITH_CONVERSION,
  }));
  const served = '{{ eq (include "chaos-monkey.conversion" .) "true" }}';
  const text = escapeTemplate(yaml({ versions: converted }));
  return [
    HEAD.replace('@name@', metadata.name),
    escapeTemplate(yaml(rest)),
    CONVERSION,
    text.replaceAll(`served: ${SERVED_WITH_CONVERSION}`, `served: ${served}`),
    '{{- end }}\n',
  ].join('');
}

/** A text that Helm renders as `text`. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

/** Indented as a part of a spec. */
function yaml(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  const text = stringify(plain, { lineWidth: LINE_WIDTH, aliasDuplicateObjects: false });
  return text.replaceAll(/^(?=.)/gm, '  ');
}
