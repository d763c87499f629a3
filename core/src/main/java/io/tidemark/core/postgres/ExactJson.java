package io.tidemark.core.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads JSON so that every digit of a number stays, trailing zeros too. Thread-safe. */
public final class ExactJson {
    private static final int MAX_TEXT = 1024 * 1024 * 1024;
    private static final int MAX_DIGITS = 200_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(factory().build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private ExactJson() {}

    /** Reads trees. */
    public static ObjectReader reader() {
        return MAPPER.reader();
    }

    /** What PostgreSQL can hold: 1 GB in a value, 131,072 digits before the point. */
    public static JsonFactory parsers(boolean refuseDuplicates) {
        return factory()
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, refuseDuplicates)
                .build();
    }

    private static JsonFactoryBuilder factory() {
        return (JsonFactoryBuilder) JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(MAX_TEXT)
                        .maxNumberLength(MAX_DIGITS)
                        .build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
    }
}
