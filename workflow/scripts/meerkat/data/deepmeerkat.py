"""The contract with DeepMeerkat, as constants: what it expects of a model, and how it uses the model.

DeepMeerkat 2 loads the model with `tf.saved_model.loader.load(session, ["serve"], folder)`, runs
`final_ops/softmax:0` on `Placeholder:0` and reads row i as (positive, negative).
"""

INPUT, OUTPUT = "Placeholder", "final_ops/softmax"
SIGNATURE, METHOD = "serving_default", "tensorflow/serving/predict"
# DeepMeerkat drops a clip if its score as negative is above 0.95.
THRESHOLD = 0.05
