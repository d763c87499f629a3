package io.tidemark.core.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right-hand sides are PostgreSQL's: {@code select to_jsonb(x::float8)}. */
class ShortestDecimalTest {

    @ParameterizedTest
    @CsvSource({
        "4.9E-324, 5e-324",
        "1.5E-323, 1.5e-323",
        "2.2250738585072014E-308, 2.2250738585072014e-308",
        "1.7976931348623157E308, 1.7976931348623157e308",
        // 1e23 lies exactly between two numbers, so PostgreSQL does not write it.
        "1.0E23, 99999999999999990000000",
        "2.0E-3, 0.002",
        "5.684341886080802E-14, 5.684341886080802e-14",
        "9.007199254740992E15, 9007199254740992",
        "9.007199254740994E15, 9007199254740994",
        "-1.0E23, -99999999999999990000000",
    })
    void float8_is_written_as_postgresql_does(double number, BigDecimal expected) {
        assertThat(new BigDecimal(ShortestDecimal.of(number))).isEqualByComparingTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1.4E-45, 1e-45",
        "9.9999999E14, 1e15",
        "1.00000003E16, 1e16",
        "3.4028235E38, 3.4028235e38",
        "1.6777216E7, 16777216",
        "1.17549435E-38, 1.1754944e-38",
        "123456.79, 123456.79",
    })
    void float4_is_written_as_postgresql_does(float number, BigDecimal expected) {
        assertThat(new BigDecimal(ShortestDecimal.of(number))).isEqualByComparingTo(expected);
    }
}
