package io.tidemark.cli.shop;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The rows the shop begins with. A row depends on the seed, its table and its id alone, so one seed always gives the
 * same shop, in whatever order it is written. Stateless; thread-safe.
 */
public final class ShopRows {
    private static final Instant OPENED = Instant.parse("2026-01-01T08:00:00Z");

    private final long seed;
    private final ShopSize size;

    public ShopRows(long seed, ShopSize size) {
        this.seed = seed;
        this.size = size;
    }

    public void shop(CopyLine line, long id) {
        SplittableRandom random = random("shops", id);
        String city = Words.pick(random, Words.CITIES);
        line.with(id)
                .with(city + " " + id)
                .with(city)
                .with("EUR")
                .with(LocalDate.of(2000 + random.nextInt(25), 1 + random.nextInt(12), 1 + random.nextInt(28))
                        .toString())
                .with("{\"mon-sat\": [\"08:00\", \"" + (18 + random.nextInt(5)) + ":00\"], \"sun\": null}")
                .with(moment(random))
                .endRow();
    }

    public void category(CopyLine line, long id) {
        SplittableRandom random = random("categories", id);
        line.with(id)
                .with(Words.category(id))
                .with("category-" + id)
                .with(BigDecimal.valueOf(List.of(600, 900, 2100).get(random.nextInt(3)), 2))
                .with(moment(random))
                .with("{\"en\": \"" + Words.category(id) + "\", \"fr\": \"Rayon " + Words.category(id) + "\"}")
                .endRow();
    }

    public void product(CopyLine line, long id) {
        SplittableRandom random = random("products", id);
        BigDecimal price = price(random);
        String created = moment(random);
        line.with(id)
                .with(size.shopOf(id))
                .with(1 + random.nextInt(size.categories()))
                .with(Words.product(random))
                .with(Words.barcode(id))
                .with(random.nextInt(500))
                .with(price)
                .with(price.multiply(new BigDecimal("0.6")).setScale(2, java.math.RoundingMode.HALF_EVEN))
                .with(random.nextInt(4) == 0 ? null : "From " + Words.pick(random, Words.CITIES) + ".\nKeep it dry.")
                .with(attributes(random))
                .with(random.nextInt(3) == 0 ? "{}" : "{new,\"on sale\"}")
                .with(random.nextInt(20) != 0)
                .with(random.nextInt(10_000))
                .with(random.nextInt(2) == 0 ? null : created)
                .with(created)
                .with(created)
                .endRow();
    }

    public void customer(CopyLine line, long id) {
        SplittableRandom random = random("customers", id);
        String created = moment(random);
        line.with(id)
                .with(size.shopOf(id))
                .with(Words.person(random))
                .with("customer" + id + "@example.org")
                .with(random.nextInt(3) == 0 ? null : phone(random))
                .with(random.nextInt(2_000))
                .with(created)
                .with(created)
                .endRow();
    }

    public void employee(CopyLine line, long id) {
        SplittableRandom random = random("employees", id);
        line.with(id)
                .with(size.shopOf(id))
                .with(Words.person(random))
                .with(Words.pick(random, Words.ROLES))
                .with(BigDecimal.valueOf(1_200 + random.nextInt(2_000), 2))
                .with(LocalDate.of(2010 + random.nextInt(16), 1 + random.nextInt(12), 1)
                        .toString())
                .with(moment(random))
                .endRow();
    }

    public void bill(CopyLine line, long id) {
        SplittableRandom random = random("bills", id);
        BigDecimal total = BigDecimal.ZERO;
        for (int number = 1; number <= linesOf(id); number++) {
            BillLine item = billLine(id, number);
            total = total.add(item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())));
        }
        line.with(id)
                .with(size.shopOf(id))
                .with(random.nextInt(3) == 0 ? null : Integer.toString(1 + random.nextInt(size.customers())))
                .with(1 + random.nextInt(size.employees()))
                .with("paid")
                .with(total)
                .with(moment(random))
                .endRow();
    }

    public void linesOf(CopyLine line, long bill) {
        for (int number = 1; number <= linesOf(bill); number++) {
            BillLine item = billLine(bill, number);
            line.with(bill)
                    .with(number)
                    .with(item.product())
                    .with(item.title())
                    .with(item.quantity())
                    .with(item.unitPrice())
                    .endRow();
        }
    }

    private int linesOf(long bill) {
        return 1 + random("lines", bill).nextInt(5);
    }

    private BillLine billLine(long bill, int number) {
        SplittableRandom random = random("line " + number, bill);
        return new BillLine(
                1 + random.nextInt(size.products()), Words.product(random), 1 + random.nextInt(6), price(random));
    }

    private record BillLine(int product, String title, int quantity, BigDecimal unitPrice) {}

    private SplittableRandom random(String what, long id) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + what.hashCode() * 0x5851F42D4C957F2DL + id);
    }

    private static BigDecimal price(SplittableRandom random) {
        return BigDecimal.valueOf(49 + random.nextInt(20_000), 2);
    }

    private static String phone(SplittableRandom random) {
        return String.format(Locale.ROOT, "+32 4%08d", random.nextInt(100_000_000));
    }

    private static String attributes(SplittableRandom random) {
        return "{\"origin\": \"" + Words.pick(random, Words.CITIES) + "\", \"organic\": " + random.nextBoolean()
                + ", \"energy_kj\": " + random.nextInt(3_000) + "." + random.nextInt(10) + "}";
    }

    /** A moment of the first months, to the microsecond. */
    private static String moment(SplittableRandom random) {
        return OPENED.plusNanos(random.nextLong(10_000_000L * 1_000_000L) * 1_000L)
                .toString();
    }
}
