# A blog: profiles of its users, posts with tags and comments.
scaffold new blog --resource "profile:read=all name:str:length=2..60 bio:text?"
cd blog
scaffold generate resource "tag:owner=none:read=all:write=admin" name:str:length=2..30:unique
scaffold generate resource "post:read=all" title:str:length=1..120 body:text status:enum=draft,live published:datetime? author:ref=profile tags:refs=tag
scaffold generate endpoint post publish POST
scaffold generate resource "comment:read=all" body:text post:ref=post:cascade parent:ref=comment?:cascade
scaffold generate field post summary:str?
