{{/* What never changes between two releases: a Deployment's selector must not. */}}
{{- define "causeway.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* What every object is found by. No version: a label must not roll the pods. */}}
{{- define "causeway.labels" -}}
{{ include "causeway.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
