package io.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.stack.PipelineRights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessConfigCommandTest {
    @TempDir
    private Path folder;

    @Test
    void whatItPrintsIsWhatAShellThenKnows() throws Exception {
        Path file = Files.writeString(folder.resolve("tidemark.yaml"), """
                tidemark: 1
                source: {publication: "it's ours"}
                kafka: {prefix: shop}
                caches:
                  product: {table: public.products, key: "product:{id}"}
                  odd: {table: "sales.Order Details", key: "it's $HOME `x` {id}:*"}
                """);
        String text = AccessConfigCommand.text(PipelineRights.of(Pipelines.read(file, Map.of())));
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        "set -eu; eval \"$1\"; printf '%s\\n' \"$TABLES\" \"$ROWS\" \"$PUBLICATION\" \"$PREFIX\"",
                        "sh",
                        text)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8).lines())
                .containsExactly(
                        "\"public\".\"products\",\"sales\".\"Order Details\"",
                        "product:* it's $HOME `x` *:\\*",
                        "it's ours",
                        "shop");
        assertThat(shell.waitFor()).isZero();
    }

    @Test
    void aTableOfTwoCachesIsNamedOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("tidemark.yaml"), """
                tidemark: 1
                caches:
                  product: {table: public.products, key: "product:{id}"}
                  again: {table: public.products, key: "again:{id}"}
                """);
        PipelineRights rights = PipelineRights.of(Pipelines.read(file, Map.of()));
        assertThat(rights.rows()).containsExactly("product:*", "again:*");
        assertThat(rights.tables()).containsExactly("\"public\".\"products\"");
    }
}
