"""index"""
revision = "eee555"
down_revision = \
    "ddd444"
