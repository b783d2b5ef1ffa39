{{/* Generated from src/controller/permissions.ts by `npm run generate`: do not edit. */}}
{{- define "chaos-monkey.rules.cluster" -}}
# Labels of namespaces say which of them may be disturbed.
- apiGroups: [""]
  resources: [namespaces]
  verbs: [list, watch]
# What to disturb; one is read again when its status was changed by somebody else.
- apiGroups: ["cm.massix.github.io"]
  resources: [chaosmonkeyconfigurations]
  verbs: [get, list, watch]
# Says what was done and what comes next.
- apiGroups: ["cm.massix.github.io"]
  resources: [chaosmonkeyconfigurations/status]
  verbs: [patch]
# The targets; their annotation remembers the replicas to put back.
- apiGroups: ["apps"]
  resources: [deployments]
  verbs: [get, list, watch, patch]
# Mode randomScale changes replicas, and puts them back.
- apiGroups: ["apps"]
  resources: [deployments/scale]
  verbs: [update]
# Tells which pods belong to a deployment.
- apiGroups: ["apps"]
  resources: [replicasets]
  verbs: [list, watch]
# The victims of the modes killPod and antiPressure.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, delete]
# Warns when an autoscaler would undo what randomScale does.
- apiGroups: ["autoscaling"]
  resources: [horizontalpodautoscalers]
  verbs: [list]
# Mode antiPressure kills the pod that uses most CPU.
- apiGroups: ["metrics.k8s.io"]
  resources: [pods]
  verbs: [list]
# Tells people what was done to their objects.
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{- define "chaos-monkey.rules.watched" -}}
{{- if and .Values.watchNamespaces }}
# Its labels say whether it may be disturbed. A Role cannot allow to list or watch it.
- apiGroups: [""]
  resources: [namespaces]
  resourceNames: [{{ .namespace }}]
  verbs: [get]
{{- end }}
# What to disturb; one is read again when its status was changed by somebody else.
- apiGroups: ["cm.massix.github.io"]
  resources: [chaosmonkeyconfigurations]
  verbs: [get, list, watch]
# Says what was done and what comes next.
- apiGroups: ["cm.massix.github.io"]
  resources: [chaosmonkeyconfigurations/status]
  verbs: [patch]
# The targets; their annotation remembers the replicas to put back.
- apiGroups: ["apps"]
  resources: [deployments]
  verbs: [get, list, watch, patch]
# Mode randomScale changes replicas, and puts them back.
- apiGroups: ["apps"]
  resources: [deployments/scale]
  verbs: [update]
# Tells which pods belong to a deployment.
- apiGroups: ["apps"]
  resources: [replicasets]
  verbs: [list, watch]
# The victims of the modes killPod and antiPressure.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, delete]
# Warns when an autoscaler would undo what randomScale does.
- apiGroups: ["autoscaling"]
  resources: [horizontalpodautoscalers]
  verbs: [list]
# Mode antiPressure kills the pod that uses most CPU.
- apiGroups: ["metrics.k8s.io"]
  resources: [pods]
  verbs: [list]
# Tells people what was done to their objects.
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{- define "chaos-monkey.rules.own" -}}
{{- if and .Values.watchNamespaces (include "chaos-monkey.conversion" .) }}
# Tells people what befell the certificates.
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}
{{- if and .Values.leaderElection.enabled }}
# Replicas agree by a Lease on the one that acts. No name can be given for create.
- apiGroups: ["coordination.k8s.io"]
  resources: [leases]
  verbs: [create]
{{- end }}
{{- if and .Values.leaderElection.enabled }}
# The leader renews its Lease and gives it away; the others look at it.
- apiGroups: ["coordination.k8s.io"]
  resources: [leases]
  resourceNames: [{{ include "chaos-monkey.fullname" . }}]
  verbs: [get, watch, patch]
{{- end }}
{{- if and .Values.watchNamespaces }}
# Its Deployment owns the Lease and the Secrets, so that they go with it.
- apiGroups: ["apps"]
  resources: [deployments]
  resourceNames: [{{ include "chaos-monkey.fullname" . }}]
  verbs: [get]
{{- end }}
{{- if and (include "chaos-monkey.conversion" .) }}
# The leader makes the certificates for conversion. No name can be given for create.
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
{{- end }}
{{- if and (include "chaos-monkey.conversion" .) }}
# The serving certificate: the leader renews it, and every replica serves with it.
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "chaos-monkey.fullname" . }}-webhook-tls]
  verbs: [get, watch, patch]
{{- end }}
{{- if and (include "chaos-monkey.conversion" .) }}
# The key that signs it, which the leader alone reads.
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "chaos-monkey.fullname" . }}-webhook-ca]
  verbs: [get, patch]
{{- end }}
{{- end -}}

{{- define "chaos-monkey.rules.definition" -}}
{{- if and (include "chaos-monkey.conversion" .) }}
# Enters in our definition by which Service and certificate the API server reaches the program.
- apiGroups: ["apiextensions.k8s.io"]
  resources: [customresourcedefinitions]
  resourceNames: [chaosmonkeyconfigurations.cm.massix.github.io]
  verbs: [get, patch]
{{- end }}
{{- end -}}
