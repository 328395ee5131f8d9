{{- define "causeway.labels" -}}
app: causeway
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
