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

{{/* Who a service is to the servers, as deploy/access calls it; tidemark- or tidemark_ stands before it. */}}
{{- define "tidemark.user" -}}
{{- get (dict "ingest-service" "ingest" "cache-writer" "cache-writer" "reconciler" "reconciler" "position-service" "positions") . }}
{{- end }}

{{- define "tidemark.scheme" -}}
{{- ternary "http" "https" (empty .Values.http.tls.secret) }}
{{- end }}

{{/* How a service is called; where it speaks https, by the name that its certificate is for. Of (dict "root" $ "service" name). */}}
{{- define "tidemark.host" -}}
{{- include "tidemark.name" .root }}-{{ .service }}{{ if .root.Values.http.tls.secret }}.{{ .root.Release.Namespace }}.svc{{ end }}
{{- end }}

{{/* The variables of a connection's certificates: of (dict "prefix" "TIDEMARK_REDIS" "name" "redis" "tls" its values). */}}
{{- define "tidemark.tlsEnv" -}}
{{- if .tls.secret }}
{{- range $file := list "sslrootcert" "sslcert" "sslkey" }}
{{- if index $.tls $file }}
- {name: {{ $.prefix }}_{{ upper $file }}, value: /etc/tidemark/secrets/{{ $.name }}-{{ $file }}}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Its files, as sources of the volume with secrets. */}}
{{- define "tidemark.tlsSource" -}}
{{- if .tls.secret }}
- secret:
    name: {{ .tls.secret }}
    items:
      {{- range $file := list "sslrootcert" "sslcert" "sslkey" }}
      {{- if index $.tls $file }}
      - {key: {{ index $.tls $file }}, path: {{ $.name }}-{{ $file }}}
      {{- end }}
      {{- end }}
{{- end }}
{{- end }}

{{/* The password of a service at a server, as a source of the volume: of (dict "name" "kafka" "of" the server's values "user" …). */}}
{{- define "tidemark.passwordSource" -}}
{{- if .of.logins }}
- secret:
    name: {{ .of.logins }}
    items: [{key: tidemark-{{ .user }}, path: {{ .name }}-password}]
{{- else if .of.passwordSecret.name }}
- secret:
    name: {{ .of.passwordSecret.name }}
    items: [{key: {{ .of.passwordSecret.key }}, path: {{ .name }}-password}]
{{- end }}
{{- end }}

{{- define "tidemark.env" -}}
- {name: TIDEMARK_CONFIG, value: /etc/tidemark/pipeline/tidemark.yaml}
- {name: TIDEMARK_HTTP_HOST, value: 0.0.0.0}
- {name: TIDEMARK_HTTP_PORT, value: {{ .port | quote }}}
{{- $user := include "tidemark.user" .service }}
{{- $source := .root.Values.source }}
{{- $kafka := .root.Values.kafka }}
{{- $redis := .root.Values.redis }}
- {name: TIDEMARK_SOURCE_URL, value: {{ $source.url | quote }}}
{{- if $source.logins }}
- {name: TIDEMARK_SOURCE_USER, value: tidemark_{{ $user | replace "-" "_" }}}
{{- end }}
- {name: TIDEMARK_SOURCE_PASSWORD_FILE, value: /etc/tidemark/secrets/source-password}
{{- with $source.sslmode }}
- {name: TIDEMARK_SOURCE_SSLMODE, value: {{ . }}}
{{- end }}
{{- include "tidemark.tlsEnv" (dict "prefix" "TIDEMARK_SOURCE" "name" "source" "tls" $source.tls) }}
- {name: TIDEMARK_KAFKA_BOOTSTRAP, value: {{ $kafka.bootstrap | quote }}}
{{- with $kafka.protocol }}
- {name: TIDEMARK_KAFKA_PROTOCOL, value: {{ . }}}
{{- end }}
{{- with $kafka.mechanism }}
- {name: TIDEMARK_KAFKA_MECHANISM, value: {{ . }}}
{{- end }}
{{- if or $kafka.logins $kafka.user }}
- {name: TIDEMARK_KAFKA_USER, value: {{ ternary (printf "tidemark-%s" $user) $kafka.user (not (empty $kafka.logins)) | quote }}}
{{- end }}
{{- if or $kafka.logins $kafka.passwordSecret.name }}
- {name: TIDEMARK_KAFKA_PASSWORD_FILE, value: /etc/tidemark/secrets/kafka-password}
{{- end }}
{{- include "tidemark.tlsEnv" (dict "prefix" "TIDEMARK_KAFKA" "name" "kafka" "tls" $kafka.tls) }}
{{- $single := "" }}
{{- if eq .service "position-service" }}{{ $single = .values.redisUrl }}{{ end }}
- {name: TIDEMARK_REDIS_URL, value: {{ $single | default $redis.url | quote }}}
{{- if and $redis.nodes (ne .service "position-service") }}
- {name: TIDEMARK_REDIS_NODES, value: {{ $redis.nodes | quote }}}
{{- end }}
{{- /* ingest-service never goes to Redis, and has no user there. */}}
{{- if and $redis.logins (ne .service "ingest-service") }}
- {name: TIDEMARK_REDIS_USER, value: tidemark-{{ $user }}}
- {name: TIDEMARK_REDIS_PASSWORD_FILE, value: /etc/tidemark/secrets/redis-password}
{{- else if $redis.passwordSecret.name }}
- {name: TIDEMARK_REDIS_PASSWORD_FILE, value: /etc/tidemark/secrets/redis-password}
{{- end }}
{{- include "tidemark.tlsEnv" (dict "prefix" "TIDEMARK_REDIS" "name" "redis" "tls" $redis.tls) }}
{{- include "tidemark.tlsEnv" (dict "prefix" "TIDEMARK_HTTP" "name" "http" "tls" .root.Values.http.tls) }}
{{- if .root.Values.waitForTables }}
- {name: TIDEMARK_WAIT_FOR_TABLES, value: "true"}
{{- end }}
{{- $prefix := include "tidemark.tokenPrefix" .service }}
- {name: {{ $prefix }}_DATA, value: /data}
{{- range .root.Values.tokens.roles }}
- {name: {{ $prefix }}_{{ upper . }}_TOKEN_FILE, value: /etc/tidemark/secrets/token-{{ . }}}
{{- end }}
{{- if and (eq .service "reconciler") .root.Values.cacheWriter.enabled }}
- {name: TIDEMARK_CACHE_WRITER_URL, value: "{{ include "tidemark.scheme" .root }}://{{ include "tidemark.host" (dict "root" .root "service" "cache-writer") }}:8081"}
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
        httpGet: {path: /health/liveness, port: http, scheme: {{ include "tidemark.scheme" .root | upper }}}
        periodSeconds: 2
        timeoutSeconds: 5
        failureThreshold: 90
      livenessProbe:
        httpGet: {path: /health/liveness, port: http, scheme: {{ include "tidemark.scheme" .root | upper }}}
        periodSeconds: 15
        timeoutSeconds: 5
        failureThreshold: 4
      readinessProbe:
        httpGet: {path: /health/readiness, port: http, scheme: {{ include "tidemark.scheme" .root | upper }}}
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
          {{- $user := include "tidemark.user" .service }}
          {{- range $name := list "source" "kafka" "redis" }}
          {{- $of := index $.root.Values $name }}
          {{- if not (and (eq $name "redis") $of.logins (eq $.service "ingest-service")) }}
          {{- with include "tidemark.passwordSource" (dict "name" $name "of" $of "user" $user) }}
          {{- . | nindent 10 }}
          {{- end }}
          {{- end }}
          {{- end }}
          {{- range $name := list "source" "kafka" "redis" "http" }}
          {{- with include "tidemark.tlsSource" (dict "name" $name "tls" (index $.root.Values $name).tls) }}
          {{- . | nindent 10 }}
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
