package io.tidemark.cli.shop;

/** The statements of the shop's tills and back office. */
final class ShopSql {
    static final String OPEN_BILL = """
            insert into bills (id, shop_id, customer_id, employee_id, status, total, created_at)
            values (?, ?, ?, ?, 'open', 0, now())""";
    static final String ADD_LINE = """
            insert into bill_lines (bill_id, line, product_id, title, quantity, unit_price)
            select ?, ?, id, name, ?, price from products where id = ?""";
    static final String TAKE_FROM_STOCK = "update products set stock = stock - ?, updated_at = now() where id = ?";
    static final String PAY_BILL = """
            update bills set status = 'paid',
                   total = (select coalesce(sum(quantity * unit_price), 0) from bill_lines where bill_id = bills.id)
            where id = ?""";
    static final String REMOVE_LINES = "delete from bill_lines where bill_id = ?";
    static final String REMOVE_BILL = "delete from bills where id = ?";
    static final String ADD_PRODUCT = """
            insert into products (id, shop_id, category_id, name, barcode, stock, price, cost, description, attributes,
                                  labels, active, view_count, last_accessed_at, created_at, updated_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, null, '{"origin": null}', '{new}', true, 0, null, now(), now())""";
    static final String REMOVE_PRODUCT = "delete from products where id = ?";
    static final String VIEW_PRODUCT =
            "update products set view_count = view_count + 1, last_accessed_at = now() where id = ?";
    static final String COUNT_STOCK = "update products set stock = ?, updated_at = now() where id = ?";
    static final String CHANGE_PRICE = "update products set price = ?, updated_at = now() where id = ?";
    static final String RENAME_PRODUCT = "update products set name = ?, updated_at = now() where id = ?";
    static final String BULK_PRICES = """
            update products set price = round(price * ?, 2), updated_at = now()
            where shop_id = ? and category_id = ?""";
    static final String ADD_CUSTOMER = """
            insert into customers (id, shop_id, full_name, email, phone, loyalty_points, created_at, updated_at)
            values (?, ?, ?, ?, null, 0, now(), now())""";
    static final String GIVE_POINTS =
            "update customers set loyalty_points = loyalty_points + ?, updated_at = now() where id = ?";
    static final String RAISE_PAY =
            "update employees set hourly_pay = hourly_pay + 0.10, updated_at = now() where id = ?";
    static final String RENAME_CATEGORY = """
            with renamed as (select ?::text as name)
            update categories set name = renamed.name, updated_at = now(),
                   display_names = jsonb_build_object('en', renamed.name, 'fr', 'Rayon ' || renamed.name)
              from renamed where id = ?""";

    private ShopSql() {}
}
