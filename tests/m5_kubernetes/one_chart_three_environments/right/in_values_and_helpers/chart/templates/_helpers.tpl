{{- define "causeway.labels" -}}
app: causeway
{{- end }}

{{- define "causeway.resources" -}}
requests: {cpu: 50m, memory: 96Mi}
limits:
  cpu: 500m
  memory: {{ .Values.memoryLimit }}
{{- end }}
