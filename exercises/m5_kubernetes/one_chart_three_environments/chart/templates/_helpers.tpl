{{- define "causeway.labels" -}}
app: causeway
{{- end }}
