"""An empty CDK app: the floor that no app gets below."""

from aws_cdk import App, Stack

app = App()
Stack(app, "Empty")
app.synth()
