revision = u"ccc333"  # not 'this'
down_revision = 'aaa111'
branch_labels = 'right'
