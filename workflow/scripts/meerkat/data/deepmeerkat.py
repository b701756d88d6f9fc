"""What DeepMeerkat expects of a model, and what it does with it: the contract's constants.

DeepMeerkat 2 loads the model with `tf.saved_model.loader.load(session, ["serve"], folder)`, runs
`final_ops/softmax:0` on `Placeholder:0` and reads row i as (positive, negative).
"""

INPUT, OUTPUT = "Placeholder", "final_ops/softmax"
SIGNATURE, METHOD = "serving_default", "tensorflow/serving/predict"
# It drops a clip when its score as negative is above 0.95.
THRESHOLD = 0.05
