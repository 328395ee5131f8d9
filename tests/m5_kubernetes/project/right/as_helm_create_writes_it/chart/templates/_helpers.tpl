{{/* Labels */}}
{{- define "causeway.labels" -}}
app: {{ .Chart.Name }}
release: {{ .Release.Name }}
{{- end }}
