{{- define "causeway.labels" -}}
app: causeway
app.kubernetes.io/name: causeway
{{- end }}
