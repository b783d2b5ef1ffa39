{{/*
Which namespaces the program works in now, from their labels where Helm may read them: not with
`helm template`, nor without the right to list namespaces.
*/}}
{{- define "chaos-monkey.danger" -}}
{{- $allowAll := eq (lower .Values.behavior) "allowall" -}}
{{- $protected := list -}}
{{- range .Values.protectedNamespaces -}}
{{- $protected = append $protected (ternary $.Release.Namespace . (eq . "@own")) -}}
{{- end -}}
{{- $known := list -}}
{{- $dangerous := list -}}
{{- range (lookup "v1" "Namespace" "" "").items -}}
{{- $name := .metadata.name -}}
{{- $known = append $known $name -}}
{{- $label := dig "metadata" "labels" "cm.massix.github.io/namespace" "" . -}}
{{- $optedIn := ternary (ne $label "false") (eq $label "true") $allowAll -}}
{{- $seen := or (not $.Values.watchNamespaces) (has $name $.Values.watchNamespaces) -}}
{{- if and $optedIn $seen (not (has $name $protected)) -}}
{{- $dangerous = append $dangerous $name -}}
{{- end -}}
{{- end -}}
{{- if $allowAll -}}
behavior is AllowAll: configurations work in every namespace
{{- with .Values.watchNamespaces }} of the list {{ join ", " . }}{{ end }}
{{- with $protected }}; never in {{ join ", " . }}{{ end -}}
; nor where one is labelled cm.massix.github.io/namespace=false.
{{- else -}}
behavior is DenyAll: configurations work only in namespaces labelled cm.massix.github.io/namespace=true
{{- with .Values.watchNamespaces }}, of the list {{ join ", " . }}{{ end }}
{{- with $protected }}; never in {{ join ", " . }}{{ end }}.
{{- end }}
{{- if $dangerous }}
In danger now: {{ join ", " $dangerous }}
{{- else if $known }}
In danger now: none
{{- end }}
{{- end -}}
