# A shop: customers, products that administrators keep, orders and their lines.
scaffold new shop --resource "customer name:str:length=1..80 email:email"
cd shop
scaffold generate resource "product:owner=none:read=all:write=admin" name:str:unique price:decimal=10,2:min=0 stock:int:min=0:default=0
scaffold generate resource order customer:ref=customer:protect status:enum=open,paid,sent placed:datetime?
scaffold generate resource "line:unique=order+product" order:ref=order:cascade product:ref=product:protect quantity:int:min=1:default=1
scaffold generate endpoint order pay POST
scaffold rename field line quantity amount
