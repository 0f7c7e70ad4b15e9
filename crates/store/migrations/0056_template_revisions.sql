-- Every change of a template has a number of its own, so that its acts are in order whatever the clocks of those who
-- wrote them said. The acts hold it in their sealed bodies: whoever sets it back in the row sets back that alone.

alter table templates add column revision integer not null default 1 check (revision > 0);
