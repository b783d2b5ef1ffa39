{{/* Name of the Deployment, the Service and, with a suffix, everything else. */}}
{{- define "chaos-monkey.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 45 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "chaos-monkey.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "chaos-monkey.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* What tells the pods of this release from all others; immutable in a Deployment. */}}
{{- define "chaos-monkey.selectorLabels" -}}
app.kubernetes.io/name: chaos-monkey
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "chaos-monkey.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | quote }}
{{ include "chaos-monkey.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
apps.massix.github.io/name: {{ include "chaos-monkey.fullname" . | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "chaos-monkey.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
"true" when the program answers conversions, empty otherwise. With rights in some namespaces only it needs
one ClusterRole more for that, which has to be asked for.
*/}}
{{- define "chaos-monkey.conversion" -}}
{{- if and .Values.conversion.enabled (or (not .Values.watchNamespaces) .Values.conversion.manageCRD) -}}
true
{{- end -}}
{{- end -}}

{{/* Where and how often Prometheus reads metrics, for serviceMonitor and podMonitor alike. */}}
{{- define "chaos-monkey.endpoint" -}}
port: http
path: /metrics
{{- with .interval }}
interval: {{ . }}
{{- end }}
{{- with .scrapeTimeout }}
scrapeTimeout: {{ . }}
{{- end }}
# Metrics have a label namespace of their own: that of the target.
honorLabels: true
{{- end -}}

{{/* Name of what `helm test` makes in the release's namespace. */}}
{{- define "chaos-monkey.testName" -}}
{{- include "chaos-monkey.fullname" . }}-test
{{- end -}}

{{/* The namespace that `helm test` tries the program in: one of its own where the program sees that. */}}
{{- define "chaos-monkey.testNamespace" -}}
{{- if .Values.watchNamespaces -}}
{{- first .Values.watchNamespaces -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Namespace | trunc 33 | trimSuffix "-") (include "chaos-monkey.fullname" . | trunc 24 | trimSuffix "-") }}-test
{{- end -}}
{{- end -}}

{{/* Of the pod that tests: not those of the Deployment, or the Service would send requests to it. */}}
{{- define "chaos-monkey.testSelectorLabels" -}}
app.kubernetes.io/name: chaos-monkey-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* What cannot work is refused before anything is installed. */}}
{{- define "chaos-monkey.check" -}}
{{- if and (gt (int .Values.replicas) 1) (not .Values.leaderElection.enabled) -}}
{{- fail (printf "replicas: expected at most 1 with leaderElection.enabled=false, because each replica would act; got %d" (int .Values.replicas)) -}}
{{- end -}}
{{- end -}}
