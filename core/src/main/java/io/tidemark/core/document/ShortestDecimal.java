package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The decimal that PostgreSQL shows for a binary floating-point number: of the shortest ones strictly between the
 * midpoints to its neighbours the closest, which Java 17's own conversion is not (JDK-4511638).
 *
 * <p>A decimal of at most 15 digits (6 for float4) that stands for a number is the only one that short, so it is taken
 * as it is. Else Jackson's conversion gives the shortest one; it differs from PostgreSQL's only by allowing the midpoints
 * themselves, which a decimal can only be for large numbers, and by asking for two digits at least, which only matters
 * for subnormal ones. Those are worked out in full.
 */
final class ShortestDecimal {
    private static final double MIN_FLOAT8 = 1e-300;
    private static final double MAX_FLOAT8 = 0x1p52;
    private static final float MIN_FLOAT4 = 1e-36f;
    private static final float MAX_FLOAT4 = 0x1p21f;

    private ShortestDecimal() {}

    /** Writes a float8 that came as a decimal standing for it. */
    static void writeFloat8(BigDecimal came, JsonGenerator out) throws IOException {
        if (isShort(came, 15, -300, 15)) {
            out.writeNumber(came);
        } else {
            out.writeNumber(of(came.doubleValue()));
        }
    }

    /** Writes a float4 that came as a decimal standing for it. */
    static void writeFloat4(BigDecimal came, JsonGenerator out) throws IOException {
        if (isShort(came, 6, -36, 6)) {
            out.writeNumber(came);
        } else {
            out.writeNumber(of(came.floatValue()));
        }
    }

    private static boolean isShort(BigDecimal number, int digits, int minExponent, int maxExponent) {
        int precision = number.precision();
        int exponent = precision - number.scale();
        return precision <= digits && exponent > minExponent && exponent <= maxExponent;
    }

    static String of(double number) {
        double size = Math.abs(number);
        if (size == 0 || size >= MIN_FLOAT8 && size < MAX_FLOAT8) {
            return NumberOutput.toString(number, true);
        }
        BigDecimal exact = new BigDecimal(size);
        BigDecimal up = size == Double.MAX_VALUE
                ? exact.add(new BigDecimal(Math.ulp(size)))
                : new BigDecimal(Math.nextUp(size));
        return signed(number < 0, between(exact, new BigDecimal(Math.nextDown(size)), up));
    }

    static String of(float number) {
        float size = Math.abs(number);
        if (size == 0 || size >= MIN_FLOAT4 && size < MAX_FLOAT4) {
            return NumberOutput.toString(number, true);
        }
        BigDecimal exact = new BigDecimal(size);
        BigDecimal up =
                size == Float.MAX_VALUE ? exact.add(new BigDecimal(Math.ulp(size))) : new BigDecimal(Math.nextUp(size));
        return signed(number < 0, between(exact, new BigDecimal(Math.nextDown(size)), up));
    }

    private static String signed(boolean negative, BigDecimal size) {
        return (negative ? size.negate() : size).toString();
    }

    private static BigDecimal between(BigDecimal number, BigDecimal below, BigDecimal above) {
        BigDecimal two = BigDecimal.valueOf(2);
        BigDecimal low = number.add(below).divide(two);
        BigDecimal high = number.add(above).divide(two);
        for (int digits = 1; ; digits++) {
            BigDecimal nearest = number.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (isBetween(low, nearest, high)) {
                return nearest;
            }
            // Below a power of two the lower midpoint is the nearer one, so the farther decimal may be the one inside.
            BigDecimal up = number.round(new MathContext(digits, RoundingMode.CEILING));
            if (isBetween(low, up, high)) {
                return up;
            }
        }
    }

    private static boolean isBetween(BigDecimal low, BigDecimal number, BigDecimal high) {
        return low.compareTo(number) < 0 && number.compareTo(high) < 0;
    }
}
