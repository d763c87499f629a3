package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/pipeline-file.md says what the schema says. With -Dtidemark.write-docs=true it is made to. */
class PipelineDocumentationTest {
    private static final Path PAGE = Path.of("../docs/pipeline-file.md");
    private static final Pattern REFERENCE = Pattern.compile(
            "(?<=<!-- reference: made from the schema -->\n).*(?=<!-- reference: end -->)", Pattern.DOTALL);

    @Test
    void the_reference_is_the_schemas() throws Exception {
        String schema = Files.readString(Path.of("../docs/schema/tidemark.schema.json"));
        String reference = new PipelineReference(new ObjectMapper().readTree(schema)).text();
        String page = Files.readString(PAGE);
        if (Boolean.getBoolean("tidemark.write-docs")) {
            page = REFERENCE.matcher(page).replaceFirst(Matcher.quoteReplacement(reference));
            Files.writeString(PAGE, page);
        }

        assertThat(page)
                .as("run: mvn -pl core test -Dtest=PipelineDocumentationTest -Dtidemark.write-docs=true")
                .contains(reference);
    }

    @Test
    void every_example_on_the_page_is_a_pipeline_that_can_be_used() throws Exception {
        Matcher example = Pattern.compile("```yaml\n(tidemark: 1\n.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        int count = 0;
        for (; example.find(); count++) {
            PipelineFile file =
                    PipelineFile.parse("pipeline-file.md", example.group(1).getBytes(UTF_8), Map.of());
            assertThat(file.pipeline().followedTables()).isNotEmpty();
        }

        assertThat(count).isPositive();
    }
}
