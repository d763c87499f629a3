{{- define "tidemark.name" -}}
{{- if contains "tidemark" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-tidemark" (.Release.Name | trunc 31 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "tidemark.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "tidemark.name" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "tidemark.pipelineConfigMap" -}}
{{- .Values.pipelineConfigMap | default (printf "%s-pipeline" (include "tidemark.name" .)) }}
{{- end }}

{{/* What never changes of a service: for selectors. Of (dict "root" $ "service" "cache-writer"). */}}
{{- define "tidemark.selector" -}}
app.kubernetes.io/name: tidemark
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "tidemark.labels" -}}
app.kubernetes.io/name: tidemark
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "tidemark.serviceLabels" -}}
{{ include "tidemark.labels" .root }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{/* The services, their ports and their settings, as they are switched on. */}}
{{- define "tidemark.services" -}}
{{- $all := dict "ingest-service" (dict "port" 8083 "values" "ingestService") "cache-writer" (dict "port" 8081 "values" "cacheWriter") "reconciler" (dict "port" 8082 "values" "reconciler") "position-service" (dict "port" 8080 "values" "positionService") }}
{{- $on := dict }}
{{- range $name, $of := $all }}
{{- if (index $.Values $of.values).enabled }}{{ $_ := set $on $name $of }}{{ end }}
{{- end }}
{{- toJson $on }}
{{- end }}

{{- define "tidemark.tokenPrefix" -}}
{{- get (dict "ingest-service" "TIDEMARK_INGEST" "cache-writer" "TIDEMARK_CACHE" "reconciler" "TIDEMARK_RECONCILER" "position-service" "TIDEMARK_POSITIONS") . }}
{{- end }}

{{- define "tidemark.env" -}}
- {name: TIDEMARK_CONFIG, value: /etc/tidemark/pipeline/tidemark.yaml}
- {name: TIDEMARK_HTTP_HOST, value: 0.0.0.0}
- {name: TIDEMARK_HTTP_PORT, value: {{ .port | quote }}}
- {name: TIDEMARK_SOURCE_URL, value: {{ .root.Values.source.url | quote }}}
- {name: TIDEMARK_SOURCE_PASSWORD_FILE, value: /etc/tidemark/secrets/source-password}
- {name: TIDEMARK_KAFKA_BOOTSTRAP, value: {{ .root.Values.kafka.bootstrap | quote }}}
{{- $single := "" }}
{{- if eq .service "position-service" }}{{ $single = .values.redisUrl }}{{ end }}
- {name: TIDEMARK_REDIS_URL, value: {{ $single | default .root.Values.redis.url | quote }}}
{{- if and .root.Values.redis.nodes (ne .service "position-service") }}
- {name: TIDEMARK_REDIS_NODES, value: {{ .root.Values.redis.nodes | quote }}}
{{- end }}
{{- if .root.Values.redis.passwordSecret.name }}
- {name: TIDEMARK_REDIS_PASSWORD_FILE, value: /etc/tidemark/secrets/redis-password}
{{- end }}
{{- if .root.Values.waitForTables }}
- {name: TIDEMARK_WAIT_FOR_TABLES, value: "true"}
{{- end }}
{{- $prefix := include "tidemark.tokenPrefix" .service }}
- {name: {{ $prefix }}_DATA, value: /data}
{{- range .root.Values.tokens.roles }}
- {name: {{ $prefix }}_{{ upper . }}_TOKEN_FILE, value: /etc/tidemark/secrets/token-{{ . }}}
{{- end }}
{{- if and (eq .service "reconciler") .root.Values.cacheWriter.enabled }}
- {name: TIDEMARK_CACHE_WRITER_URL, value: "http://{{ include "tidemark.name" .root }}-cache-writer:8081"}
- {name: TIDEMARK_CACHE_WRITER_TOKEN_FILE, value: /etc/tidemark/secrets/token-{{ ternary "operator" "admin" (has "operator" .root.Values.tokens.roles) }}}
{{- end }}
{{- if and (eq .service "position-service") .root.Values.feed.url }}
- {name: TIDEMARK_FEED_URL, value: {{ .root.Values.feed.url | quote }}}
- {name: TIDEMARK_FEED_STORES, value: {{ join "," .root.Values.feed.stores | quote }}}
- {name: TIDEMARK_FEED_TOKENS, value: /etc/tidemark/feed-tokens}
{{- with .root.Values.feed.limits }}
- {name: TIDEMARK_FEED_LIMITS, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- range $name, $value := .values.env }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{/* The pod of a service: of (dict "root" $ "service" name "port" n "values" its values "data" the volume that /data is). */}}
{{- define "tidemark.pod" -}}
metadata:
  labels:
    {{- include "tidemark.serviceLabels" . | nindent 4 }}
  annotations:
    # Another pipeline file is another pod.
    checksum/pipeline: {{ .root.Values.pipeline | sha256sum }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "tidemark.serviceAccount" .root }}
  automountServiceAccountToken: false
  # Kubernetes' own variables of services begin like ours.
  enableServiceLinks: false
  terminationGracePeriodSeconds: 45
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - {name: {{ . }}}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: {{ .service }}
      image: "{{ .root.Values.image.registry }}/{{ .service }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      ports:
        - {name: http, containerPort: {{ .port }}}
      env:
        {{- include "tidemark.env" . | nindent 8 }}
      # A start may wait for a large catalogue or a slow disk; after it, what does not live for a minute is begun again.
      startupProbe:
        httpGet: {path: /health/liveness, port: http}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 90
      livenessProbe:
        httpGet: {path: /health/liveness, port: http}
        periodSeconds: 15
        timeoutSeconds: 5
        failureThreshold: 4
      readinessProbe:
        httpGet: {path: /health/readiness, port: http}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 2
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: pipeline, mountPath: /etc/tidemark/pipeline, readOnly: true}
        - {name: secrets, mountPath: /etc/tidemark/secrets, readOnly: true}
        {{- if and (eq .service "position-service") .root.Values.feed.url }}
        - {name: feed-tokens, mountPath: /etc/tidemark/feed-tokens, readOnly: true}
        {{- end }}
        {{- range .root.Values.secretFiles }}
        - {name: "files-{{ .name }}", mountPath: {{ .path | quote }}, readOnly: true}
        {{- end }}
        - {name: tmp, mountPath: /tmp}
        - {name: data, mountPath: /data}
  volumes:
    - name: pipeline
      configMap: {name: {{ include "tidemark.pipelineConfigMap" .root }}}
    - name: secrets
      projected:
        defaultMode: 288 # 0440: root and the pod's group
        sources:
          - secret:
              name: {{ .root.Values.source.passwordSecret.name }}
              items: [{key: {{ .root.Values.source.passwordSecret.key }}, path: source-password}]
          {{- with .root.Values.redis.passwordSecret }}
          {{- if .name }}
          - secret:
              name: {{ .name }}
              items: [{key: {{ .key }}, path: redis-password}]
          {{- end }}
          {{- end }}
          - secret:
              name: {{ .root.Values.tokens.secret }}
              items:
                {{- range .root.Values.tokens.roles }}
                - {key: {{ . }}, path: token-{{ . }}}
                {{- end }}
    {{- if and (eq .service "position-service") .root.Values.feed.url }}
    - name: feed-tokens
      secret: {secretName: {{ .root.Values.feed.tokensSecret }}, defaultMode: 288}
    {{- end }}
    {{- range .root.Values.secretFiles }}
    - name: "files-{{ .name }}"
      secret: {secretName: {{ .name }}, defaultMode: 288}
    {{- end }}
    - name: tmp
      emptyDir: {sizeLimit: 256Mi}
    {{- if ne .data "claim" }}
    - name: data
      emptyDir: {sizeLimit: 256Mi}
    {{- end }}
  {{- if gt (int .values.replicas) 1 }}
  topologySpreadConstraints:
    {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "tidemark.selector" $ | nindent 10 }}
    {{- end }}
  {{- end }}
  {{- with .values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
